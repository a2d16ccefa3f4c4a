using System.Net.Sockets;
using System.Text;

namespace MagicFolder.Daemon.Lifetime;

/// <summary>Tells systemd how the service stands (sd_notify(3)), when it was started by systemd. Elsewhere nothing happens.</summary>
internal static class SystemdNotification
{
    internal static void Ready() => Tell("READY=1");

    internal static void Stopping() => Tell("STOPPING=1");

    private static void Tell(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } socket || OperatingSystem.IsWindows()) return;
        // An abstract socket is written with @ in place of its first byte, NUL.
        var address = new UnixDomainSocketEndPoint(socket[0] == '@' ? "\0" + socket[1..] : socket);
        try
        {
            using var sender = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            sender.SendTo(Encoding.UTF8.GetBytes(state), address);
        }
        catch (SocketException)
        {
            // A supervisor that does not listen is no reason to end.
        }
    }
}
