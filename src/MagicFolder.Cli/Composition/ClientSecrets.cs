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
            Make(file, directory);
        }
        byte[] secret = new byte[Length];
        return Base32.TryDecode(File.ReadAllText(file).Trim(), secret)
            ? secret
            : throw new DamagedBytesException(DamageReason.Malformed, $"{file} is damaged; restore it from a backup, or remove it, and another secret is made.");
    }

    /// <summary>Of two commands that do it at once, the first one's stays.</summary>
    private static void Make(string file, string directory)
    {
        byte[] secret = new byte[Length];
        SystemRandom.Instance.Fill(secret);
        byte[] unique = new byte[8];
        SystemRandom.Instance.Fill(unique);
        string temporary = Path.Combine(directory, $"{Convert.ToHexStringLower(unique)}.new");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(Base32.Encode(secret) + "\n"));
            stream.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(temporary, file, overwrite: false);
            PrivateFile.FlushNames(directory);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(temporary);
        }
    }
}
