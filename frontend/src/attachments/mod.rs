//! Attachments: the files of a message, being sent and being read.
//!
//! Invariant: an address is used until shortly before it ends and then made anew; nobody sees a dead
//! one. Other rooms keep an [`Uploads`] beside what is written, place the components, and let a
//! [`Gate`] hold the sending back until the files are there.

mod api;
mod attach_button;
mod attached;
mod claim_fault;
mod drop_zone;
mod file_chip;
mod file_name;
mod fresh;
mod gate;
mod kept;
mod lightbox;
mod limits;
mod paste;
mod picture;
mod refusal;
mod upload;
mod upload_chip;
mod uploads;
mod uploads_list;
mod words;
mod zoom;

pub use attach_button::AttachButton;
pub use attached::Attached;
pub use claim_fault::ClaimFault;
pub use drop_zone::DropZone;
pub use file_chip::UnsentFiles;
pub use gate::{Gate, GateNote};
pub use kept::KeptFile;
pub use paste::paste_into;
pub use refusal::explain;
pub use uploads::Uploads;
pub use uploads_list::UploadsList;
