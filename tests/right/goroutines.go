// A goroutine for each client. The runtime's monitor wakes up by itself, and its threads are many.
package main

import (
	"io"
	"net"
)

func serve(client net.Conn) {
	defer client.Close()
	io.Copy(client, client)
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:9500")
	if err != nil {
		panic(err)
	}
	for {
		client, err := listener.Accept()
		if err == nil {
			go serve(client)
		}
	}
}
