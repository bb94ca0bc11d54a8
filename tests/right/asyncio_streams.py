"""asyncio: a coroutine for each client, one loop under all of them."""
import asyncio


async def serve(reader, writer):
    while data := await reader.read(4096):
        writer.write(data)
        await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 9500)
    await server.serve_forever()


asyncio.run(main())
