import java.io.*;
import java.math.BigInteger;
import java.net.*;

/** A thread for each client. */
public class Server {
    static final String NUMBER = "-?[0-9]+";

    static String answer(String line) {
        String[] words = line.trim().split("\\s+");
        if (words.length == 2 && words[0].equals("CONNECTION") && words[1].equals("END"))
            return "Welcome ADD SUB MULT END";
        if (words.length != 5 || !words[0].equals("CALC") || !words[4].equals("END"))
            return "ERROR REQUEST END";
        if (!words[1].equals("ADD") && !words[1].equals("SUB") && !words[1].equals("MULT"))
            return "ERROR OPERATION END";
        if (!words[2].matches(NUMBER) || !words[3].matches(NUMBER))
            return "ERROR NUMBER END";
        BigInteger a = new BigInteger(words[2]), b = new BigInteger(words[3]);
        BigInteger result = switch (words[1]) {
            case "ADD" -> a.add(b);
            case "SUB" -> a.subtract(b);
            default -> a.multiply(b);
        };
        return "RESULT " + result + " END";
    }

    static void serve(Socket client) {
        try (client) {
            BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream()));
            OutputStream out = client.getOutputStream();
            for (String line; (line = in.readLine()) != null;) {
                if (line.trim().matches("QUIT\\s+END"))
                    break;
                out.write((answer(line) + "\n").getBytes());
            }
        } catch (IOException e) {
            System.err.println(e);
        }
    }

    public static void main(String[] arguments) throws IOException {
        ServerSocket server = new ServerSocket(2021, 64);
        while (true) {
            Socket client = server.accept();
            new Thread(() -> serve(client)).start();
        }
    }
}
