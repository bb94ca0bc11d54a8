"""Has no end: after "Fin" it asks for the next line, on a connection that the server has closed."""
import socket

print("Console Client", flush=True)
with socket.socket() as server:
    server.connect(("127.0.0.1", 9500))
    line = ""
    try:
        while True:
            line = input()
            server.sendall(line.encode())
    except EOFError:  # the end of the keyboard's input is an end as well
        pass
    except ConnectionError:
        print("Le serveur est parti")
print("Fin du programme")
