//! A free port of loopback that speaks TLS.

use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::server::TlsStream;

use crate::certificate::Identity;

/// Hands every connection to `serve`, and gives a client that trusts what is there. Lives as long as the runtime it was started on.
pub(crate) async fn listen<S>(
    protocol: &str,
    serve: impl Fn(TlsStream<TcpStream>) -> S + Clone + Send + 'static,
) -> mka1::Client
where
    S: Future<Output = ()> + Send + 'static,
{
    let identity = Identity::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let client = identity.client(listener.local_addr().expect("an address").port());
    let acceptor = identity.acceptor(protocol);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (acceptor, serve) = (acceptor.clone(), serve.clone());
            tokio::spawn(async move {
                socket.set_nodelay(true).expect("a socket");
                if let Ok(connection) = acceptor.accept(socket).await {
                    serve(connection).await;
                }
            });
        }
    });
    client
}
