//! A callback is forwarded by `GET`, and arrives once all the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use switchback::http::Reqwest;
use switchback::ports::{HttpTransport as _, TransportError};
use switchback_protocol::http::{Method, Request};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

fn get(url: String, once: bool) -> Request {
    Request {
        method: Method::Get,
        once,
        url,
        headers: Vec::new(),
        body: None,
    }
}

/// The server keeps its connections, answers one request on each, and closes the connection
/// when it has read the next.
#[tokio::test]
async fn what_must_arrive_once_is_not_sent_on_a_kept_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let arrived = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&arrived);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let count = Arc::clone(&count);
            tokio::spawn(async move {
                for turn in 0..2 {
                    let mut buffer = [0; 4096];
                    let read = stream.read(&mut buffer).await.unwrap_or(0);
                    let text = String::from_utf8_lossy(&buffer[..read]);
                    if text.starts_with("GET /once") {
                        count.fetch_add(1, Ordering::SeqCst);
                    }
                    if turn == 0 && read > 0 {
                        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                        let _ = stream.write_all(answer).await;
                    }
                }
            });
        }
    });
    let http = Reqwest::new();
    for round in 1..=20 {
        // Leaves a connection behind, where it does not meet one that is closing.
        match http.send(get(format!("{url}/any"), false)).await {
            Ok(answer) => assert_eq!(answer.status, 200),
            Err(error) => assert!(matches!(error, TransportError::Lost(_)), "{error:?}"),
        }
        let answer = http.send(get(format!("{url}/once"), true)).await.unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(arrived.load(Ordering::SeqCst), round);
    }
}
