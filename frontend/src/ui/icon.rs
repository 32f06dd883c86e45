//! Line icons on a grid of 24 (paths from Lucide, ISC licence).
//!
//! Invariant: an icon is decoration; the words beside it say the same.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Glyph {
    Alert,
    Archive,
    Back,
    Bell,
    Check,
    Circle,
    Clip,
    Clock,
    Close,
    Down,
    Download,
    File,
    Flag,
    Forward,
    Half,
    Hourglass,
    Inbox,
    Lock,
    Mail,
    Menu,
    Minus,
    Pause,
    Picture,
    Plus,
    Retry,
    Search,
    Trash,
    Up,
    User,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Alert => {
                "M12 8v5M12 16.5v.01M10.3 3.9 1.8 18a2 2 0 0 0 1.7 3h17a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0Z"
            }
            Self::Archive => "M3 4h18v5H3zM5 9v10a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1V9M10 13h4",
            Self::Back => "m15 18-6-6 6-6",
            Self::Bell => "M6 8a6 6 0 0 1 12 0c0 7 3 9 3 9H3s3-2 3-9M10.3 21a2 2 0 0 0 3.4 0",
            Self::Check => "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M8 12.2l2.8 2.8L16 9.5",
            Self::Circle => "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20",
            Self::Clip => {
                "m21.4 11-9.2 9.2a6 6 0 0 1-8.5-8.5l8.6-8.6A4 4 0 1 1 18 8.8l-8.6 8.6a2 2 0 0 1-2.8-2.8l8.5-8.5"
            }
            Self::Clock => "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M12 6v6l4 2",
            Self::Close => "M18 6 6 18M6 6l12 12",
            Self::Down => "M12 5v14M19 12l-7 7-7-7",
            Self::Download => "M12 3v12M7 10l5 5 5-5M4 20h16",
            Self::File => "M14 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V8ZM14 2v6h6",
            Self::Flag => "M5 21V4h13l-3 4.5 3 4.5H5",
            Self::Forward => "m9 18 6-6-6-6",
            Self::Half => "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20v20M12 6h6M12 10h8.5M12 14h8.5M12 18h6",
            Self::Hourglass => "M6 3h12M6 21h12M7 3c0 5 4 6 4 9s-4 4-4 9M17 3c0 5-4 6-4 9s4 4 4 9",
            Self::Inbox => {
                "M22 12h-6l-2 3h-4l-2-3H2M5.5 5.1 2 12v6a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-6l-3.5-6.9a2 2 0 0 0-1.8-1.1H7.3a2 2 0 0 0-1.8 1.1Z"
            }
            Self::Lock => {
                "M5 11h14a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1M7.5 11V7a4.5 4.5 0 0 1 9 0v4"
            }
            Self::Mail => "M4 5h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1M3 7l9 6 9-6",
            Self::Menu => "M4 6h16M4 12h16M4 18h16",
            Self::Minus => "M5 12h14",
            Self::Pause => "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M10 9v6M14 9v6",
            Self::Picture => {
                "M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1M9 8a1 1 0 1 0 0 2 1 1 0 0 0 0-2M20 15l-4-4-9 9"
            }
            Self::Plus => "M12 5v14M5 12h14",
            Self::Retry => "M3 12a9 9 0 1 0 3-6.7L3 8M3 3v5h5",
            Self::Search => "M11 3a8 8 0 1 0 0 16 8 8 0 0 0 0-16M21 21l-4.4-4.4",
            Self::Trash => "M4 7h16M10 11v6M14 11v6M6 7l1 13a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1l1-13M9 7V4h6v3",
            Self::Up => "M12 19V5M5 12l7-7 7 7",
            Self::User => "M12 3a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M4 21a8 8 0 0 1 16 0",
        }
    }
}

#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=glyph.path()></path>
        </svg>
    }
}
