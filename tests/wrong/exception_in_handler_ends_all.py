"""One task group for all clients: what one of them raises ends them all."""
import asyncio


async def serve(reader, writer):
    while data := await reader.read(4096):
        writer.write(data)
        await writer.drain()
    writer.close()


async def main():
    async with asyncio.TaskGroup() as group:

        async def begin(reader, writer):
            group.create_task(serve(reader, writer))

        server = await asyncio.start_server(begin, "127.0.0.1", 9500)
        group.create_task(server.serve_forever())


asyncio.run(main())
