//! A token with a session that is logged in.

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as Pkcs11Error, RvError};
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use sha2::{Digest as _, Sha256};

use super::curve::{Curve, public_key};
use super::{Error, Settings};
use crate::domain::hex;
use crate::keys::backend::Ask;
use crate::keys::{KeyType, Name, PublicKey, Signature, random};

/// A token with a session that is logged in.
pub(super) struct Token {
    pkcs11: Pkcs11,
    slot: Slot,
    session: Session,
    serial: String,
}

/// How many bytes the id of a new object has.
const ID_LENGTH: usize = 16;

fn failed(doing: &'static str) -> impl FnOnce(Pkcs11Error) -> Error {
    move |source| Error::Token { doing, source }
}

/// Loads the library and finds the token.
fn reach(settings: &Settings) -> Result<(Pkcs11, Slot, String), Error> {
    let library = || settings.library.clone();
    let pkcs11 = Pkcs11::new(&settings.library).map_err(|source| Error::Load { library: library(), source })?;
    match pkcs11.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        // By an earlier back end of this process.
        Ok(()) | Err(Pkcs11Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(source) => return Err(Error::Load { library: library(), source }),
    }
    let mut found = Vec::new();
    let mut seen = Vec::new();
    for slot in pkcs11.get_slots_with_initialized_token().map_err(failed("list the tokens"))? {
        let info = pkcs11.get_token_info(slot).map_err(failed("look at a token"))?;
        seen.push(format!("`{}` in slot {}", info.label(), slot.id()));
        let is_wanted = settings.slot.is_none_or(|wanted| wanted == slot.id())
            && settings.label.as_ref().is_none_or(|wanted| wanted == info.label());
        if is_wanted {
            found.push((slot, info.serial_number().to_owned()));
        }
    }
    match <[_; 1]>::try_from(found) {
        Ok([(slot, serial)]) => Ok((pkcs11, slot, serial)),
        Err(found) => Err(Error::Which { library: library(), fitting: found.len(), seen }),
    }
}

/// The types that the token has mechanisms for.
pub(super) fn types(settings: &Settings) -> Result<Vec<KeyType>, Error> {
    let (pkcs11, slot, _) = reach(settings)?;
    let known = pkcs11.get_mechanism_list(slot).map_err(failed("list what the token can"))?;
    let has = |key_type: &KeyType| {
        Curve::of(*key_type).is_some_and(|curve| known.contains(&curve.generates) && known.contains(&curve.signs))
    };
    Ok(KeyType::ALL.iter().copied().filter(has).collect())
}

impl Token {
    /// Finds the token and logs in.
    pub(super) fn open(settings: &Settings, ask: &dyn Ask) -> Result<Self, Error> {
        let (pkcs11, slot, serial) = reach(settings)?;
        let info = pkcs11.get_token_info(slot).map_err(failed("look at the token"))?;
        let label = || info.label().to_owned();
        if info.user_pin_locked() {
            return Err(Error::PinLocked { token: label() });
        }
        if info.user_pin_final_try() {
            return Err(Error::FinalTry { token: label() });
        }
        let session = pkcs11.open_rw_session(slot).map_err(failed("open a session with the token"))?;
        if info.login_required() {
            // A token with its own keypad asks for itself.
            let pin = if info.protected_authentication_path() {
                None
            } else {
                let pin = ask.pin(info.label()).map_err(|source| Error::NoPin { token: label(), source })?;
                Some(AuthPin::new(pin.reveal().into()))
            };
            match session.login(UserType::User, pin.as_ref()) {
                Ok(()) | Err(Pkcs11Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
                Err(Pkcs11Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _)) => {
                    return Err(Error::WrongPin { token: label() });
                }
                Err(Pkcs11Error::Pkcs11(RvError::PinLocked, _)) => return Err(Error::PinLocked { token: label() }),
                Err(source) => return Err(failed("log in to the token")(source)),
            }
        }
        Ok(Self { pkcs11, slot, session, serial })
    }

    /// The token's serial number.
    pub(super) fn serial(&self) -> &str {
        &self.serial
    }

    fn curve(&self, key_type: KeyType) -> Result<Curve, Error> {
        let lacks = || Error::Lacks { key_type };
        let known = self.pkcs11.get_mechanism_list(self.slot).map_err(failed("list what the token can"))?;
        let curve = Curve::of(key_type).ok_or_else(lacks)?;
        if known.contains(&curve.generates) && known.contains(&curve.signs) { Ok(curve) } else { Err(lacks()) }
    }

    /// Makes a pair of objects with the key's name: their id and the public key.
    pub(super) fn generate(&self, name: &Name, key_type: KeyType) -> Result<(Vec<u8>, PublicKey), Error> {
        let curve = self.curve(key_type)?;
        let label = Attribute::Label(name.as_str().as_bytes().to_vec());
        let taken = self.session.find_objects(std::slice::from_ref(&label)).map_err(failed("look for objects"))?;
        if !taken.is_empty() {
            return Err(Error::Taken { key: name.clone() });
        }
        let id = random::bytes::<ID_LENGTH>().map_err(|source| Error::Random { source })?.to_vec();
        let private = [
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
            label.clone(),
            Attribute::Id(id.clone()),
        ];
        let mut last = None;
        for parameters in curve.parameters {
            let mut public = curve.attributes(parameters);
            public.extend([
                Attribute::Token(true),
                Attribute::Private(false),
                label.clone(),
                Attribute::Id(id.clone()),
            ]);
            match self.session.generate_key_pair(&curve.generate(), &public, &private) {
                Ok((public, _)) => {
                    let key = self.public_of(public, key_type)?;
                    return Ok((id, key.ok_or_else(|| Error::Point { key: name.clone() })?));
                }
                Err(source) => last = Some(source),
            }
        }
        Err(last.map_or(Error::Lacks { key_type }, failed("make a key pair on the token")))
    }

    /// The pair of objects with the key's name, made by other tools: their id and the public key.
    pub(super) fn find(&self, name: &Name, key_type: KeyType) -> Result<(Vec<u8>, PublicKey), Error> {
        self.curve(key_type)?;
        let wanted = [Attribute::Class(ObjectClass::PUBLIC_KEY), Attribute::Label(name.as_str().as_bytes().to_vec())];
        let mut fitting = Vec::new();
        for public in self.session.find_objects(&wanted).map_err(failed("look for a public key"))? {
            if let Some(key) = self.public_of(public, key_type)? {
                fitting.push((self.id_of(public)?, key));
            }
        }
        let count = fitting.len();
        let [(id, key)] =
            <[_; 1]>::try_from(fitting).map_err(|_| Error::NotOne { key: name.clone(), key_type, count })?;
        // Objects without an id cannot be told apart later, nor those that share one.
        if id.is_empty() {
            return Err(Error::NoId { key: name.clone() });
        }
        let sharing = [Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Id(id.clone())];
        let sharing = self.session.find_objects(&sharing).map_err(failed("look for private keys"))?.len();
        if sharing > 1 {
            return Err(Error::SharedId { key: name.clone(), id: hex::encode(&id), count: sharing });
        }
        self.private(name, &id, key_type)?;
        Ok((id, key))
    }

    /// Signs, ECDSA over the SHA-256 of the message.
    pub(super) fn sign(&self, name: &Name, id: &[u8], key_type: KeyType, message: &[u8]) -> Result<Signature, Error> {
        let curve = Curve::of(key_type).ok_or(Error::Lacks { key_type })?;
        let object = self.private(name, id, key_type)?;
        let signed = match key_type {
            KeyType::Ed25519 => self.session.sign(&curve.sign(), object, message),
            KeyType::Secp256k1 | KeyType::P256 | KeyType::X25519 => {
                self.session.sign(&curve.sign(), object, &Sha256::digest(message))
            }
        };
        let signed = signed.map_err(failed("sign on the token"))?;
        signed.as_slice().try_into().map_err(|_| Error::Signature { key: name.clone(), length: signed.len() })
    }

    /// Deletes both objects of the key, and nothing else; that they are gone is success.
    pub(super) fn remove(&self, name: &Name, id: &[u8], public: &PublicKey) -> Result<(), Error> {
        let key_type = public.key_type();
        // The public object first says whether it is this key; a kill may have left the private one alone.
        let mut publics = Vec::new();
        let wanted = Self::object(ObjectClass::PUBLIC_KEY, name, id, key_type);
        for object in self.session.find_objects(&wanted).map_err(failed("look for the key's objects"))? {
            match self.public_of(object, key_type)? {
                Some(found) if found == *public => publics.push(object),
                Some(_) | None => return Err(Error::OtherObject { key: name.clone(), id: hex::encode(id) }),
            }
        }
        let wanted = Self::object(ObjectClass::PRIVATE_KEY, name, id, key_type);
        let privates = self.session.find_objects(&wanted).map_err(failed("look for the key's objects"))?;
        if privates.len() > 1 || publics.len() > 1 {
            let count = privates.len().max(publics.len());
            return Err(Error::SharedId { key: name.clone(), id: hex::encode(id), count });
        }
        for object in privates.into_iter().chain(publics) {
            self.session.destroy_object(object).map_err(failed("delete an object of the token"))?;
        }
        Ok(())
    }

    /// What an object of the key has: an id alone may be another's too, since other tools give ids by hand.
    fn object(class: ObjectClass, name: &Name, id: &[u8], key_type: KeyType) -> Vec<Attribute> {
        let label = Attribute::Label(name.as_str().as_bytes().to_vec());
        let mut wanted = vec![Attribute::Class(class), Attribute::Id(id.to_vec()), label];
        wanted.extend(Curve::of(key_type).map(|curve| Attribute::KeyType(curve.object_type)));
        wanted
    }

    fn private(&self, name: &Name, id: &[u8], key_type: KeyType) -> Result<ObjectHandle, Error> {
        let wanted = Self::object(ObjectClass::PRIVATE_KEY, name, id, key_type);
        let found = self.session.find_objects(&wanted).map_err(failed("look for the private key"))?;
        match found.as_slice() {
            [object] => Ok(*object),
            [] => Err(Error::Gone { key: name.clone(), token: self.serial.clone() }),
            several => Err(Error::SharedId { key: name.clone(), id: hex::encode(id), count: several.len() }),
        }
    }

    fn id_of(&self, object: ObjectHandle) -> Result<Vec<u8>, Error> {
        let read = self.session.get_attributes(object, &[AttributeType::Id]).map_err(failed("read an object's id"))?;
        Ok(read
            .into_iter()
            .find_map(|attribute| if let Attribute::Id(id) = attribute { Some(id) } else { None })
            .unwrap_or_default())
    }

    /// The public key of an object; `None` if it is of another type.
    fn public_of(&self, object: ObjectHandle, key_type: KeyType) -> Result<Option<PublicKey>, Error> {
        let Some(curve) = Curve::of(key_type) else { return Ok(None) };
        let wanted = [AttributeType::EcParams, AttributeType::EcPoint];
        let read = self.session.get_attributes(object, &wanted).map_err(failed("read a public key"))?;
        let (mut of_curve, mut public) = (false, None);
        for attribute in read {
            match attribute {
                Attribute::EcParams(parameters) => of_curve = curve.has(&parameters),
                Attribute::EcPoint(point) => public = public_key(key_type, &point),
                _ => {}
            }
        }
        Ok(public.filter(|_| of_curve))
    }
}
