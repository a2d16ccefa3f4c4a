using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>What can be done to one share file.</summary>
internal static partial class ShareDamages
{
    /// <summary>What leaves no share that could be opened.</summary>
    internal static string[] OfContainers => OperatingSystem.IsWindows()
        ? ["deleted", "emptied", "a few bytes", "an unknown version", "a directory", "rubbish"]
        : ["deleted", "emptied", "a few bytes", "an unknown version", "a directory", "a dangling link", "a link to itself", "a link to a file of the user", "a pipe", "rubbish"];

    /// <summary>What leaves a share that does not verify.</summary>
    internal static string[] OfBytes => ["a flipped bit", "half of it", "one byte less", "another share", "a huge file"];

    internal static void Do(string kind, string share, string shares)
    {
        byte[] bytes = File.ReadAllBytes(share);
        File.Delete(share);
        switch (kind)
        {
            case "deleted":
                break;
            case "emptied":
                File.WriteAllBytes(share, []);
                break;
            case "a few bytes":
                File.WriteAllBytes(share, bytes[..7]);
                break;
            case "an unknown version":
                bytes[3] ^= 0x40;
                File.WriteAllBytes(share, bytes);
                break;
            case "rubbish":
                Random.Shared.NextBytes(bytes);
                File.WriteAllBytes(share, bytes);
                break;
            case "a directory":
                Directory.CreateDirectory(share);
                break;
            case "a dangling link":
                File.CreateSymbolicLink(share, share + ".nowhere");
                break;
            case "a link to itself":
                File.CreateSymbolicLink(share, share);
                break;
            case "a link to a file of the user":
                File.CreateSymbolicLink(share, Path.Combine(shares, "..", "..", "outside", "sentinel", "secret"));
                break;
            case "a pipe":
                MakeFifo(share, 0x180).ShouldBe(0);
                break;
            case "a flipped bit":
                bytes[bytes.Length / 2] ^= 4;
                File.WriteAllBytes(share, bytes);
                break;
            case "half of it":
                File.WriteAllBytes(share, bytes[..(bytes.Length / 2)]);
                break;
            case "one byte less":
                File.WriteAllBytes(share, bytes[..^1]);
                break;
            case "another share":
                // One of the oldest, so that of two shares neither gets what was made of the other.
                File.Copy(
                    Directory.EnumerateFiles(shares, "0", SearchOption.AllDirectories).OrderBy(File.GetLastWriteTimeUtc)
                        .First(path => File.ReadAllBytes(path) is var other && other.AsSpan(0, 3).SequenceEqual(bytes.AsSpan(0, 3)) && !other.AsSpan().SequenceEqual(bytes)),
                    share);
                break;
            case "a huge file":
                File.WriteAllBytes(share, bytes[..12]);
                using (var file = File.OpenHandle(share, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.SetLength(file, 1L << 40);
                break;
            case "a longer file":
                File.WriteAllBytes(share, [.. bytes, .. new byte[1000]]);
                break;
            case "another claimed length":
                bytes.AsSpan(4, 4).Fill(0xff);
                File.WriteAllBytes(share, bytes);
                break;
            case "leases without number":
                bytes.AsSpan(8, 4).Fill(0xff);
                File.WriteAllBytes(share, bytes);
                break;
            case "one lease more":
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8)) + 1);
                File.WriteAllBytes(share, bytes);
                break;
            case "no lease":
                bytes.AsSpan(8, 4).Clear();
                File.WriteAllBytes(share, bytes);
                break;
            default:
                throw new ArgumentException(kind, nameof(kind));
        }
    }

    /// <summary>Removes whatever stands there.</summary>
    internal static void Clear(string share)
    {
        if (Directory.Exists(share)) Directory.Delete(share, recursive: true);
        else if (Directory.Exists(Path.GetDirectoryName(share))) File.Delete(share);
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, int mode);
}
