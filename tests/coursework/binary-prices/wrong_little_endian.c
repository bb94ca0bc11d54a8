/* The lowest byte first, as this machine has it. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGE_BYTES 9

struct price {
    int32_t time;
    int32_t price;
};

struct prices {
    struct price *all;
    size_t count;
};

static int32_t number(const unsigned char *bytes)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return (int32_t)value;
}

static void insert(struct prices *prices, int32_t time, int32_t price)
{
    prices->all = realloc(prices->all, (prices->count + 1) * sizeof *prices->all);
    prices->all[prices->count++] = (struct price){time, price};
}

static int32_t mean(const struct prices *prices, int32_t first, int32_t last)
{
    int64_t sum = 0, count = 0;
    for (size_t i = 0; i < prices->count; i++)
        if (prices->all[i].time >= first && prices->all[i].time <= last) {
            sum += prices->all[i].price;
            count++;
        }
    return count > 0 ? (int32_t)(sum / count) : 0;
}

static void *serve(void *context)
{
    int client = (int)(intptr_t)context;
    struct prices prices = {0};
    unsigned char message[MESSAGE_BYTES];
    while (recv(client, message, sizeof message, MSG_WAITALL) == MESSAGE_BYTES) {
        int32_t one = number(message + 1), other = number(message + 5);
        if (message[0] == 'I') {
            insert(&prices, one, other);
        } else if (message[0] == 'Q') {
            uint32_t answer = (uint32_t)mean(&prices, one, other);
            if (send(client, &answer, sizeof answer, MSG_NOSIGNAL) < 0)
                break;
        } else {
            break;
        }
    }
    free(prices.all);
    close(client);
    return NULL;
}

int main(int count, char **arguments)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_port = htons((unsigned short)atoi(count > 1 ? arguments[1] : "0"));
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 64)) {
        perror("bind");
        return 1;
    }
    for (;;) {
        pthread_t thread;
        int client = accept(listener, NULL, NULL);
        if (client >= 0 && pthread_create(&thread, NULL, serve, (void *)(intptr_t)client) == 0)
            pthread_detach(thread);
    }
}
