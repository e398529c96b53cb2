//! gRPC reflection, as a generic client asks for it.

use super::client::{Client, Key, start};
use futures_util::stream;
use prost::Message;
use prost_types::FileDescriptorProto;
use provider::chain::wire::cosmos::auth::QueryAccountRequest;
use provider::devnet::fault::{Fault, Rule};
use provider::domain::network::Name;
use tempfile::tempdir;
use tonic::transport::Channel;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};

async fn ask(channel: &Channel, request: MessageRequest) -> Result<MessageResponse, tonic::Status> {
    let mut client = ServerReflectionClient::new(channel.clone());
    let request = ServerReflectionRequest { host: String::new(), message_request: Some(request) };
    let mut answers = client.server_reflection_info(stream::iter([request])).await?.into_inner();
    let answer: ServerReflectionResponse = answers.message().await?.unwrap();
    Ok(answer.message_response.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_served_says_what_it_is() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Akash, &["a"]).await;
    let channel = Channel::from_shared(format!("http://{}", server.grpc)).unwrap().connect().await.unwrap();
    let MessageResponse::ListServicesResponse(list) =
        ask(&channel, MessageRequest::ListServices(String::new())).await.unwrap()
    else {
        panic!("no list")
    };
    let names: Vec<_> = list.service.iter().map(|service| service.name.as_str()).collect();
    for name in ["akash.market.v1beta5.Query", "cosmos.tx.v1beta1.Service", "grpc.reflection.v1.ServerReflection"] {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    assert!(!names.iter().any(|name| name.contains("settlement")), "{names:?}");

    let symbol = "akash.market.v1.Lease.State".to_owned();
    let MessageResponse::FileDescriptorResponse(files) =
        ask(&channel, MessageRequest::FileContainingSymbol(symbol)).await.unwrap()
    else {
        panic!("no file")
    };
    let file = FileDescriptorProto::decode(files.file_descriptor_proto[0].as_slice()).unwrap();
    let lease = file.message_type.iter().find(|message| message.name() == "Lease").unwrap();
    let fields: Vec<_> = lease.field.iter().map(|field| (field.number(), field.name())).collect();
    assert_eq!(fields[..3], [(1, "id"), (2, "state"), (3, "price")]);
    assert_eq!(lease.enum_type[0].name(), "State");
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_for_reflection_too() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a"]).await;
    let channel = Channel::from_shared(format!("http://{}", server.grpc)).unwrap().connect().await.unwrap();
    let away = Fault::Status { code: 14, message: "away".to_owned() };
    server.node.faults().set(Rule::of(away, Some("ServerReflectionInfo")));
    let refused = ask(&channel, MessageRequest::ListServices(String::new())).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::Unavailable);
    let client = Client::of(&server).await;
    let address = Key::of("a", client.network).address;
    client.call(QueryAccountRequest { address }).await.unwrap();
    server.stop().await.unwrap();
}
