// A thread for each client.
use std::io::{copy, Result};
use std::net::TcpListener;
use std::thread;

fn main() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:9500")?;
    for client in listener.incoming().flatten() {
        thread::spawn(move || {
            let _ = copy(&mut &client, &mut &client); // who has gone, has gone
        });
    }
    Ok(())
}
