//! THE route table: one line per room, and what stands around all of them.
//!
//! Invariant: every route under `/api/v1` is in the document, because the document is made from the routes.

use std::{collections::HashMap, sync::LazyLock};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse},
    get,
    http::header::ContentType,
    middleware::from_fn,
    web::{self, Data},
};
use api_types::{
    error::Problem,
    webhooks::{CommentData, DeletedTicketData, PersonData, SlaData, TestData, TicketEventData, WebhookPayload},
};
use tracing_actix_web::TracingLogger;
use utoipa::OpenApi;
use utoipa_actix_web::{AppExt, scope::scope};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::{
    api_keys, articles, assistant, attachments, auth, behalf, captcha, comments, departments, document,
    error::{AppError, Result, write_problems},
    exports, fields, headers, live, mails, mcp, notifications,
    outside::mailbox,
    panel, people, settings, sla, sockets, spa,
    state::State,
    tickets,
    trace::RequestSpan,
    webhooks,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Waggle",
        description = "The API of a support desk. Lists are pages by cursor; refusals are RFC 9457 problems with a closed list of codes; times are RFC 3339 in UTC.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(
        Problem,
        WebhookPayload<TicketEventData>,
        WebhookPayload<DeletedTicketData>,
        WebhookPayload<CommentData>,
        WebhookPayload<SlaData>,
        WebhookPayload<PersonData>,
        WebhookPayload<TestData>,
        TicketEventData,
        DeletedTicketData,
        CommentData,
        SlaData,
        PersonData,
        TestData,
    )),
)]
struct Document;

/// Tell whether the desk can work
///
/// For a load balancer. It asks the database, and needs nobody to sign in.
#[utoipa::path(tag = "health", operation_id = "get_health", responses((status = 204, description = "The server and its database answer")))]
#[get("/health")]
async fn get_health(state: Data<State>) -> Result<HttpResponse> {
    use diesel_async::RunQueryDsl;
    diesel::select(diesel::dsl::now).execute(&mut *state.db().await?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// It stands in the scope of the routes, which takes every path below its own.
async fn get_document() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::json()).body(document::text())
}

fn api() -> (
    App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse,
            Error = actix_web::Error,
            InitError = (),
        >,
    >,
    utoipa::openapi::OpenApi,
) {
    App::new()
        .into_utoipa_app()
        .openapi(Document::openapi())
        .service(
            scope("/api/v1")
                .route("/openapi.json", web::get().to(get_document))
                .service(get_health)
                .configure(auth::routes)
                .configure(people::routes)
                .configure(exports::routes)
                .configure(api_keys::routes)
                .configure(behalf::routes)
                .configure(tickets::routes)
                .configure(comments::routes)
                .configure(attachments::routes)
                .configure(assistant::routes)
                .configure(articles::routes)
                .configure(notifications::routes)
                .configure(mails::routes)
                .configure(settings::routes)
                .configure(departments::routes)
                .configure(fields::routes)
                .configure(captcha::routes)
                .configure(sla::routes)
                .configure(panel::routes)
                .configure(webhooks::routes)
                .configure(live::routes),
        )
        .split_for_parts()
}

/// The OpenAPI document of the routes above.
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, mut document) = api();
    document::complete(&mut document);
    document
}

/// Starts answering on a listener, until the returned server is stopped.
pub fn serve(state: State, listener: std::net::TcpListener, workers: usize) -> std::io::Result<Server> {
    let page_policy = Data::new(headers::PagePolicy::new(&state.files));
    let patience = state.live.pace().patience;
    let server = HttpServer::new(move || {
        let (app, _) = api();
        let state = state.for_thread();
        app.app_data(Data::new(mcp::Service::new(&state)))
            .app_data(Data::new(state))
            .app_data(page_policy.clone())
            .service(SwaggerUi::new("/docs/{_:.*}").config(Config::from("/api/v1/openapi.json")))
            .service(web::redirect("/docs", "/docs/"))
            .service(mailbox::read_mailbox)
            .service(mcp::serve_mcp)
            .service(panel::serve_script)
            .service(panel::show_demo_host)
            .service(panel::serve_demo_style)
            .service(panel::serve_demo_token)
            .service(attachments::serve_file)
            .service(settings::serve_logo)
            .service(exports::serve_export)
            .service(exports::serve_archive)
            .service(web::scope("/exports").default_service(web::to(no_route)))
            .service(web::scope("/files").default_service(web::to(no_route)))
            .service(web::scope("/api").default_service(web::to(no_route)))
            .service(spa::serve_page)
            .default_service(web::to(no_route))
            .wrap(from_fn(auth::quota::hold))
            .wrap(from_fn(auth::extract::identify))
            .wrap(from_fn(write_problems))
            .wrap(from_fn(headers::add))
            .wrap(TracingLogger::<RequestSpan>::new())
    })
    .on_connect(move |connection, _| sockets::cut_off_after(connection, patience))
    .workers(workers)
    .shutdown_timeout(8)
    .disable_signals()
    .client_request_timeout(std::time::Duration::from_secs(10))
    .keep_alive(std::time::Duration::from_secs(75))
    .listen(listener)?
    .run();
    Ok(server)
}

async fn no_route(request: actix_web::HttpRequest) -> Result<HttpResponse> {
    let pattern = request.resource_map().match_pattern(request.path()).ok_or_else(AppError::not_found)?;
    // What is not in the document is only read.
    Err(AppError::method_not_allowed(methods_of(&pattern).unwrap_or("GET, HEAD")))
}

/// The methods that a path of the document takes.
pub fn methods_of(pattern: &str) -> Option<&'static str> {
    ALLOWED.get(pattern).map(String::as_str)
}

/// The methods of each path in the document.
static ALLOWED: LazyLock<HashMap<&str, String>> = LazyLock::new(|| {
    let mut allowed: HashMap<&str, String> = HashMap::new();
    for place in document::places() {
        let methods = allowed.entry(&place.path).or_default();
        if !methods.is_empty() {
            methods.push_str(", ");
        }
        methods.push_str(place.method.as_str());
    }
    allowed
});
