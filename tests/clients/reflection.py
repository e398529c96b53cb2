"""A generic client that knows nothing of the chain asks it what it serves, and calls that: reflection.py PREFIX GRPC."""
import sys

import grpc
from google.protobuf import message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

prefix, address = sys.argv[1:]
channel = grpc.insecure_channel(address)
database = ProtoReflectionDescriptorDatabase(channel)
pool = DescriptorPool(database)
services = sorted(database.get_services())
assert f"{prefix}.market.v1beta5.Query" in services, services
methods = 0
for service in services:
    if service.startswith("grpc."):
        continue
    for method in pool.FindServiceByName(service).methods:
        for kind in (method.input_type, method.output_type):
            message_factory.GetMessageClass(kind)()
        methods += 1
service = pool.FindServiceByName(f"{prefix}.market.v1beta5.Query")
orders = service.methods_by_name["Orders"]
request = message_factory.GetMessageClass(orders.input_type)()
request.filters.state = "open"
answer = message_factory.GetMessageClass(orders.output_type)
call = channel.unary_unary(f"/{service.full_name}/Orders", type(request).SerializeToString, answer.FromString)
call(request, timeout=10)
account = pool.FindServiceByName("cosmos.auth.v1beta1.Query").methods_by_name["Params"]
parameters = channel.unary_unary(
    "/cosmos.auth.v1beta1.Query/Params",
    lambda request: request.SerializeToString(),
    message_factory.GetMessageClass(account.output_type).FromString,
)(message_factory.GetMessageClass(account.input_type)(), timeout=10)
assert parameters.params.max_memo_characters == 256, parameters
print("reflection:", len(services), "services,", methods, "methods")
