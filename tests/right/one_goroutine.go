// One client at a time, by a runtime whose monitor wakes up by itself.
package main

import (
	"io"
	"net"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:9500")
	if err != nil {
		panic(err)
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			continue
		}
		io.Copy(client, client)
		client.Close()
	}
}
