"""Answers after ten short sleeps: what does not fit into its buffer lies unread meanwhile, though its
loop comes round."""
import asyncio


async def serve(reader, writer):
    try:
        while data := await reader.read(65536):
            for _ in range(10):
                await asyncio.sleep(0.05)
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 9500, backlog=4096)
    await server.serve_forever()


asyncio.run(main())
