"""A coroutine for each client, and recv() in it: the loop waits with whoever is silent."""
import asyncio
import socket


async def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


async def main():
    tasks = set()
    listener = socket.create_server(("127.0.0.1", 9500))
    listener.setblocking(False)
    while True:
        client, _ = await asyncio.get_running_loop().sock_accept(listener)
        client.setblocking(True)
        task = asyncio.create_task(serve(client))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


asyncio.run(main())
