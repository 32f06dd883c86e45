//! The files of a message that is being written.
//!
//! Invariant: what the server keeps is remembered in this browser until the message is sent, and an
//! upload goes on while one looks at something else.

use std::cell::RefCell;

use api_types::{
    attachments::{AttachmentId, AttachmentView, MAX_PER_COMMENT},
    error::ErrorCode,
};
use leptos::prelude::*;
use uuid::Uuid;
use web_sys::File;

use super::{
    api,
    kept::KeptFile,
    limits,
    refusal::Refusal,
    upload::{Notice, State, Upload},
};
use crate::{api::Sending, erased::spawn, session, storage};

/// More at once would only make each of them slower.
const AT_ONCE: usize = 2;

struct Tray {
    /// Where this browser remembers it.
    place: String,
    list: ArcRwSignal<Vec<Upload>>,
    notice: ArcRwSignal<Option<Notice>>,
}

/// Stays as long as the page, because an upload outlives the form that it was begun in.
#[derive(Clone, Copy)]
pub struct Uploads(&'static Tray);

thread_local! {
    static ALL: RefCell<Vec<Uploads>> = const { RefCell::new(Vec::new()) };
    /// The files that the server does not have yet.
    static FILES: RefCell<Vec<(Uuid, File, Sending)>> = const { RefCell::new(Vec::new()) };
}

impl Uploads {
    /// Takes up what was attached at this place before.
    pub fn at(place: &str) -> Self {
        let place = format!("{place}:files");
        let known = ALL.with_borrow(|all| all.iter().find(|it| it.0.place == place).copied());
        let uploads = known.unwrap_or_else(|| {
            let tray = Tray { place, list: ArcRwSignal::default(), notice: ArcRwSignal::default() };
            let made = Self(Box::leak(Box::new(tray)));
            ALL.with_borrow_mut(|all| all.push(made));
            made
        });
        uploads.0.list.update(|list| list.retain(|it| it.kept().is_none()));
        uploads.put_back(storage::read(&uploads.0.place).unwrap_or_default());
        uploads
    }

    pub fn keys(self) -> Vec<Uuid> {
        self.0.list.with(|list| list.iter().map(|it| it.key).collect())
    }

    pub fn find(self, key: Uuid) -> Option<Upload> {
        self.0.list.with(|list| list.iter().find(|it| it.key == key).cloned())
    }

    /// What can go with the message now.
    pub fn ids(self) -> Vec<AttachmentId> {
        self.0.list.with(|list| list.iter().filter_map(Upload::kept).collect())
    }

    /// How many are under way, and how many have failed.
    pub fn unfinished(self) -> (u32, u32) {
        self.0.list.with(|list| {
            list.iter().fold((0, 0), |(running, failed), it| match it.state {
                State::Waiting | State::Running => (running + 1, failed),
                State::Failed(_) => (running, failed + 1),
                State::Kept(_) => (running, failed),
            })
        })
    }

    pub fn notice(self) -> Option<Notice> {
        self.0.notice.get()
    }

    pub fn say(self, notice: Notice) {
        self.0.notice.set(Some(notice));
    }

    pub fn add(self, files: Vec<File>) {
        let limits = untrack(limits::get);
        let most = limits.map_or(MAX_PER_COMMENT, |limits| limits.max_count as usize);
        let room = most.saturating_sub(self.0.list.with_untracked(Vec::len));
        self.0.notice.set((files.len() > room).then(|| Notice::TooMany(u32::try_from(most).unwrap_or(u32::MAX))));
        for file in files.into_iter().take(room) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a file's size is a whole number"
            )]
            let size = file.size() as u64;
            let state = match limits {
                _ if size == 0 => State::Failed(Refusal::Empty),
                Some(limits) if size > limits.max_size => State::Failed(Refusal::TooLarge),
                _ => State::Waiting,
            };
            let key = Uuid::new_v4();
            let upload = Upload { key, filename: file.name(), size, state, percent: 0, view: None };
            self.0.list.update(|list| list.push(upload));
            FILES.with_borrow_mut(|files| files.push((key, file, Sending::default())));
        }
        self.start_next();
    }

    pub fn retry(self, key: Uuid) {
        self.change(key, |it| it.state = State::Waiting);
        self.start_next();
    }

    /// The network is back.
    pub fn retry_lost(self) {
        self.0.list.update(|list| {
            for it in list.iter_mut().filter(|it| matches!(&it.state, State::Failed(refusal) if refusal.is_lost())) {
                it.state = State::Waiting;
            }
        });
        self.start_next();
    }

    /// Stops it, or takes it back.
    pub fn remove(self, key: Uuid) {
        let removed = untrack(|| self.find(key));
        self.0.list.update(|list| list.retain(|it| it.key != key));
        if let Some((_, _, sending)) = forget_file(key) {
            sending.stop();
        }
        if let Some(id) = removed.as_ref().and_then(Upload::kept) {
            take_back(id);
        }
        self.0.notice.set(None);
        self.remember();
        self.start_next();
    }

    /// The files go with a message that is on its way.
    pub fn take(self) -> Vec<KeptFile> {
        let files = self.kept();
        let taken = self.0.list.try_update(std::mem::take).unwrap_or_default();
        taken.iter().filter_map(|it| forget_file(it.key)).for_each(|(.., sending)| sending.stop());
        self.0.notice.set(None);
        self.remember();
        files
    }

    /// Files that the server kept some time ago.
    pub fn put_back(self, files: Vec<KeptFile>) {
        let uploads = files.into_iter().map(Upload::from);
        self.0.list.update(|list| drop(list.splice(0..0, uploads)));
        self.remember();
        self.look_again();
    }

    /// Drops what the server no longer keeps.
    pub fn look_again(self) {
        for id in untrack(|| self.ids()) {
            spawn(async move {
                match api::look(id).await {
                    Ok(view) => self.show(id, view),
                    Err(failure) if failure.code() == Some(ErrorCode::NotFound) => self.drop_swept(id),
                    Err(_) => {}
                }
            });
        }
    }

    fn drop_swept(self, id: AttachmentId) {
        let is_swept = |it: &mut Upload| it.kept() == Some(id);
        let swept = self.0.list.try_update(|list| list.extract_if(.., is_swept).next()).flatten();
        let Some(swept) = swept else { return };
        self.remember();
        self.0.notice.update(|notice| {
            *notice = Some(Notice::Swept(match notice.take() {
                Some(Notice::Swept(names)) => format!("{names}, {}", swept.filename),
                _ => swept.filename,
            }));
        });
    }

    fn start_next(self) {
        let next = self.0.list.with_untracked(|list| {
            let running = list.iter().filter(|it| it.state == State::Running).count();
            let waiting = list.iter().filter(|it| it.state == State::Waiting);
            waiting.take(AT_ONCE.saturating_sub(running)).map(|it| it.key).collect::<Vec<_>>()
        });
        for key in next {
            self.start(key);
        }
    }

    fn start(self, key: Uuid) {
        let found = FILES.with_borrow(|files| files.iter().find(|(it, ..)| *it == key).cloned());
        let Some((_, file, sending)) = found else { return };
        self.change(key, |it| (it.state, it.percent) = (State::Running, 0));
        spawn(async move {
            let told = move |percent| self.change(key, |it| it.percent = percent);
            match api::upload(file, key, sending, told).await {
                Ok(uploaded) => {
                    forget_file(key);
                    if untrack(|| self.find(key)).is_none() {
                        take_back(uploaded.id);
                    }
                    self.change(key, |it| {
                        it.filename = uploaded.filename;
                        it.size = uploaded.size;
                        it.state = State::Kept(uploaded.id);
                    });
                    self.remember();
                    self.start_next();
                    if let Ok(view) = api::look(uploaded.id).await {
                        self.show(uploaded.id, view);
                    }
                }
                Err(failure) => {
                    self.change(key, |it| it.state = State::Failed(Refusal::of(failure)));
                    self.start_next();
                }
            }
        });
    }

    fn change(self, key: Uuid, change: impl FnOnce(&mut Upload)) {
        self.0.list.update(|list| {
            if let Some(it) = list.iter_mut().find(|it| it.key == key) {
                change(it);
            }
        });
    }

    fn show(self, id: AttachmentId, view: AttachmentView) {
        self.0.list.update(|list| {
            if let Some(it) = list.iter_mut().find(|it| it.kept() == Some(id)) {
                it.view = Some(view);
            }
        });
    }

    fn kept(self) -> Vec<KeptFile> {
        let kept = |it: &Upload| {
            let id = it.kept()?;
            Some(KeptFile { id, filename: it.filename.clone(), size: it.size, view: it.view.clone() })
        };
        self.0.list.with_untracked(|list| list.iter().filter_map(kept).collect())
    }

    fn remember(self) {
        let place = &self.0.place;
        let kept = self.kept();
        // Somebody who has left is not remembered.
        let is_here = untrack(session::me).is_some_and(|me| place.starts_with(&session::drafts_of(&me)));
        if kept.is_empty() {
            storage::forget(place);
        } else if is_here {
            storage::keep(place, &kept);
        }
    }
}

fn forget_file(key: Uuid) -> Option<(Uuid, File, Sending)> {
    FILES.with_borrow_mut(|files| {
        let at = files.iter().position(|(it, ..)| *it == key)?;
        Some(files.swap_remove(at))
    })
}

fn take_back(id: AttachmentId) {
    // One that cannot be taken back now is swept with all others that nobody sent.
    spawn(async move { drop(api::take_back(id).await) });
}
