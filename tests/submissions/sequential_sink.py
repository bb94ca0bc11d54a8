# TP : serveur sequentiel. Il affiche ce qu'il recoit, "fin" termine un client.
# (Comme beaucoup de copies : il oublie de fermer la connexion.)
import socket

serveur = socket.socket()
serveur.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
serveur.bind(("127.0.0.1", 9500))
serveur.listen(1)
print("Serveur lance")

while True:
    connexion, adresse = serveur.accept()
    print("Connexion de", adresse)
    message = ""
    while message.strip().lower() != "fin":
        message = connexion.recv(1024).decode()
        print(message)
    print("Deconnexion de", adresse)
