//! The receipts of erased people, for admins.

use api_types::{page::Page, people::ErasureReceipt};
use leptos::prelude::*;

use super::{
    api,
    words::{RECEIPT, RECEIPT_BY, RECEIPT_TICKETS, RECEIPTS, RECEIPTS_LEAD},
};
use crate::ui::{Asking, Day, draw, fetched, more};

/// Those there are, asked for again when somebody was `erased`; nothing where there are none.
pub fn receipts(erased: RwSignal<()>) -> AnyView {
    fetched(move || {
        erased.track();
        ask(String::new())
    })
}

fn ask(after: String) -> Asking {
    Box::pin(async move {
        let page = api::erasures(&after).await?;
        Ok(draw(move || if after.is_empty() { first(&page) } else { entries(&page) }))
    })
}

fn first(page: &Page<ErasureReceipt>) -> AnyView {
    if page.items.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="section" aria-labelledby="receipts">
            <h2 id="receipts">{RECEIPTS}</h2>
            <p class="quiet">{RECEIPTS_LEAD}</p>
            <ol class="receipts">{entries(page)}</ol>
        </section>
    }
    .into_any()
}

fn entries(page: &Page<ErasureReceipt>) -> AnyView {
    let lines: Vec<AnyView> = page.items.iter().map(entry).collect();
    view! { {lines} {more(page.next_cursor.clone(), ask)} }.into_any()
}

fn entry(receipt: &ErasureReceipt) -> AnyView {
    let by = receipt.erased_by.as_ref().map(|admin| format!(" · {}", RECEIPT_BY.with(&admin.name)));
    let tickets = u32::try_from(receipt.tickets).unwrap_or(u32::MAX);
    view! {
        <li>
            <span>{receipt.reason.clone()}</span>
            <span class="quiet"><Day at=receipt.erased_at /> " · " {RECEIPT_TICKETS.of(tickets)} {by}</span>
            <span class="quiet">{RECEIPT} " " <code>{receipt.id.to_string()}</code></span>
        </li>
    }
    .into_any()
}
