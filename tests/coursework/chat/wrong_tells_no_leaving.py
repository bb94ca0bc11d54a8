import asyncio
members = {}  # writer: name
def say(writer, text):
    writer.write(text.encode() + b"\n")
def tell(text, but):
    for writer in list(members):
        if writer is not but:
            say(writer, text)
async def talk(reader, writer):
    say(writer, "Welcome! Who are you?")
    name = (await reader.readline()).decode().strip()
    if not name.isalnum():
        return
    tell(f"* {name} has come", writer)
    say(writer, "* here are: " + ", ".join(members.values()))
    members[writer] = name
    while line := await reader.readline():
        tell(f"[{name}] " + line.decode().rstrip("\r\n"), writer)
async def serve(reader, writer):
    try:
        await talk(reader, writer)
    except ConnectionError:
        pass
    name = members.pop(writer, None)
    writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 10003, backlog=200)
    await server.serve_forever()
asyncio.run(main())
