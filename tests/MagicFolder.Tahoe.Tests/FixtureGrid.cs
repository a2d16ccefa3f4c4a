using System.Buffers.Binary;
using System.Text.Json;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Tests;

/// <summary>The storage directories of a grid of the real Tahoe-LAFS, and what was put there.</summary>
internal sealed class FixtureGrid(string root)
{
    private readonly Lazy<JsonElement> _manifest = new(() => Read(root, "manifest.json"));

    internal JsonElement Manifest => _manifest.Value;

    internal JsonElement[] Immutable => [.. Manifest.GetProperty("immutable").EnumerateArray()];

    internal JsonElement[] Mutable => [.. Manifest.GetProperty("mutable").EnumerateArray()];

    internal JsonElement[] Directories => [.. Manifest.GetProperty("directories").EnumerateArray()];

    /// <summary>Another file of JSON beside the storage.</summary>
    internal JsonElement Document(string name) => Read(root, name);

    internal byte[] PackedDirectory(string name) => File.ReadAllBytes(Path.Combine(root, "dirs", name + ".packed"));

    /// <summary>What the gateway says of a directory, through its write cap or its read cap.</summary>
    internal JsonElement DirectoryListing(string name, bool readOnly) => Read(root, Path.Combine("dirs", name + (readOnly ? ".ro.json" : ".json")))[1];

    internal byte[] PrivateKey(string name)
    {
        foreach (var key in Manifest.GetProperty("rsa_private_keys_pkcs1_der_base64").EnumerateObject())
        {
            if (name.EndsWith(key.Name, StringComparison.Ordinal) || key.Name.EndsWith(name, StringComparison.Ordinal)
                || Path.GetFileNameWithoutExtension(name) == Path.GetFileNameWithoutExtension(key.Name))
            {
                return Convert.FromBase64String(key.Value.GetString()!);
            }
        }

        throw new KeyNotFoundException(name);
    }

    /// <summary>Share i at index i, without containers and leases (tahoe-storage-server, section 2).</summary>
    internal byte[][] ImmutableShares(StorageIndex index) => ReadContainers(index, file =>
    {
        var leases = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(8));
        return file[12..^(72 * leases)];
    });

    /// <summary>Share i at index i, without containers (tahoe-storage-server, section 3).</summary>
    internal byte[][] MutableShares(StorageIndex index) => ReadContainers(index, file =>
    {
        var length = (int)BinaryPrimitives.ReadInt64BigEndian(file.AsSpan(84));
        return file[468..(468 + length)];
    });

    private static JsonElement Read(string root, string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, name))).RootElement;

    private byte[][] ReadContainers(StorageIndex index, Func<byte[], byte[]> open)
    {
        var name = index.ToString();
        var files = Directory.GetDirectories(Path.Combine(root, "storage"))
            .Select(server => Path.Combine(server, "shares", name[..2], name))
            .Where(Directory.Exists)
            .SelectMany(Directory.GetFiles)
            .OrderBy(file => int.Parse(Path.GetFileName(file)))
            .ToArray();
        files.Select(Path.GetFileName).ShouldBe(Enumerable.Range(0, files.Length).Select(number => $"{number}"));
        return Array.ConvertAll(files, file => open(File.ReadAllBytes(file)));
    }
}
