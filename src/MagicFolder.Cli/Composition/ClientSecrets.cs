using MagicFolder.Model;
using MagicFolder.Sync.Folders;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Cli.Composition;

/// <summary>Secrets of this user for objects that are stored by hand, made when they are first needed. Each is a file of its own, 0600.</summary>
internal static class ClientSecrets
{
    internal const int Length = 32;

    /// <summary>By which leases are renewed. What is lost with it are leases, not data.</summary>
    internal static byte[] LeaseSecret() => ReadOrMake("lease");

    /// <summary>With it equal files become equal caps, for this user alone.</summary>
    internal static byte[] Convergence() => ReadOrMake("convergence");

    private static byte[] ReadOrMake(string name)
    {
        string directory = Path.Combine(Places.Data, "private");
        string file = Path.Combine(directory, name);
        if (!File.Exists(file))
        {
            PrivateFile.CreateDirectory(directory);
            byte[] made = new byte[Length];
            SystemRandom.Instance.Fill(made);
            PrivateFile.WriteNew(file, System.Text.Encoding.ASCII.GetBytes(Base32.Encode(made) + "\n"));
        }
        byte[] secret = new byte[Length];
        return Base32.TryDecode(File.ReadAllText(file).Trim(), secret)
            ? secret
            : throw new DamagedBytesException(DamageReason.Malformed, $"{file} is damaged; restore it from a backup, or remove it, and another secret is made.");
    }
}
