/* One loop over a Selector: what is owed to a client is sent before it is asked for more. */
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

public class SelectorLoop {
    static void enter(Selector selector, ServerSocketChannel listener) throws IOException {
        SocketChannel client = listener.accept();
        if (client == null) {
            return;
        }
        client.configureBlocking(false);
        client.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(16384));
    }

    static void serve(SelectionKey key) throws IOException {
        SocketChannel client = (SocketChannel) key.channel();
        ByteBuffer data = (ByteBuffer) key.attachment();
        if (key.isReadable()) {
            if (client.read(data.clear()) < 0) {
                client.close();
                return;
            }
            data.flip();
        }
        client.write(data);
        key.interestOps(data.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    public static void main(String[] arguments) throws IOException {
        Selector selector = Selector.open();
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress("127.0.0.1", 9500), 128);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        for (;;) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                try {
                    if (key.isAcceptable()) {
                        enter(selector, listener);
                    } else {
                        serve(key);
                    }
                } catch (IOException gone) {
                    key.channel().close();
                }
            }
            selector.selectedKeys().clear();
        }
    }
}
