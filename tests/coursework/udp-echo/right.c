/* Sends each datagram back to where it came from. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int count, char **arguments)
{
    static char data[65536];
    struct sockaddr_in address = {.sin_family = AF_INET};
    int server = socket(AF_INET, SOCK_DGRAM, 0);
    address.sin_port = htons((unsigned short)atoi(count > 1 ? arguments[1] : "0"));
    if (bind(server, (struct sockaddr *)&address, sizeof address) < 0) {
        perror("bind");
        return 1;
    }
    for (;;) {
        struct sockaddr_in client;
        socklen_t size = sizeof client;
        ssize_t length = recvfrom(server, data, sizeof data, 0, (struct sockaddr *)&client, &size);
        if (length >= 0)
            sendto(server, data, (size_t)length, 0, (struct sockaddr *)&client, size);
    }
}
