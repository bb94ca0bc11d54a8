#!/usr/bin/env python3
"""A chat of one thread, right or wrong in one way. Usage: chat_server.py FAULT

none     what is said is heard by the one it is for
twice    every tenth message is delivered twice
other    every tenth one is delivered to its speaker
nobody   every tenth one is confirmed and lost
last     all are confirmed, and none is delivered
changed  every tenth one has another last letter
silent   every tenth one is delivered and not confirmed
in-use   whatever the name, somebody else has it
"""
import selectors
import socket
import sys

fault = sys.argv[1]
selector = selectors.DefaultSelector()
members, unread, said = {}, {}, 0


def hear(name, line):
    members[name].sendall(line.encode())


def deliver(speaker, listener, text):
    line = f'DELIVERY {speaker} {text}\n'
    is_tenth = said % 10 == 0
    if fault == 'last' or (is_tenth and fault == 'nobody'):
        return
    if is_tenth and fault == 'changed':
        line = line[:-2] + 'A\n'
    hear(speaker if is_tenth and fault == 'other' else listener, line)
    if is_tenth and fault == 'twice':
        hear(listener, line)


def obey(client, line):
    global said
    word, _, rest = line.partition(' ')
    if word == 'HELLO-FROM' and fault != 'in-use':
        members[rest] = client
        client.sendall(f'HELLO {rest}\n'.encode())
    elif word == 'HELLO-FROM':
        client.sendall(b'IN-USE\n')
    elif word == 'SEND':
        said += 1
        listener, _, text = rest.partition(' ')
        if not (fault == 'silent' and said % 10 == 0):
            client.sendall(b'SEND-OK\n')
        speaker = next(name for name, member in members.items() if member is client)
        deliver(speaker, listener, text)


def receive(client):
    data = client.recv(65536)
    if not data:
        selector.unregister(client)
        return
    *lines, unread[client] = (unread[client] + data.decode()).split('\n')
    for line in lines:
        obey(client, line)


listener = socket.create_server(('127.0.0.1', 0), backlog=128)
selector.register(listener, selectors.EVENT_READ)
print('listening on 127.0.0.1:%d (chat, %s)' % (listener.getsockname()[1], fault), flush=True)
while True:
    for key, _ in selector.select():
        if key.fileobj is listener:
            client, _ = listener.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            unread[client] = ''
            selector.register(client, selectors.EVENT_READ)
        else:
            try:
                receive(key.fileobj)
            except OSError:
                selector.unregister(key.fileobj)
