using System.Buffers.Binary;
using System.Text.Json;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Tests;

/// <summary>What the real Tahoe-LAFS made: published vectors, and the storage directory of a 1-of-1 grid.</summary>
internal static class KnownAnswers
{
    private static readonly string Root = FindRoot();

    internal static JsonElement[] VectorCases { get; } = [.. Load("tahoe/caps-public.json").GetProperty("cases").EnumerateArray()];

    internal static JsonElement Manifest { get; } = Load("1of1/manifest.json");

    internal static JsonElement[] Immutable => [.. Manifest.GetProperty("immutable").EnumerateArray()];

    internal static JsonElement[] Mutable => [.. Manifest.GetProperty("mutable").EnumerateArray()];

    internal static JsonElement[] Directories => [.. Manifest.GetProperty("directories").EnumerateArray()];

    internal static byte[] ConvergenceSecret => "tahoe-fixture-convergence-secret"u8.ToArray();

    internal static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    internal static int Number(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    internal static JsonElement VectorCase(int id) => VectorCases.Single(c => c.Number("id") == id);

    internal static byte[] VectorData(JsonElement vector)
    {
        var seed = Convert.FromBase64String(vector.Text("seed"));
        var data = new byte[vector.Number("length")];
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = seed[i % seed.Length];
        }

        return data;
    }

    internal static byte[] PackedDirectory(string name) => File.ReadAllBytes(Path.Combine(Root, "1of1", "dirs", name + ".packed"));

    internal static byte[] PrivateKey(string name)
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

    /// <summary>Share 0 without its container and leases (tahoe-storage-server, section 2).</summary>
    internal static byte[] ImmutableShare(StorageIndex index)
    {
        var file = ReadContainer(index);
        var leases = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(8));
        return file[12..^(72 * leases)];
    }

    /// <summary>Share 0 without its container (tahoe-storage-server, section 3).</summary>
    internal static byte[] MutableShare(StorageIndex index)
    {
        var file = ReadContainer(index);
        var length = (int)BinaryPrimitives.ReadInt64BigEndian(file.AsSpan(84));
        return file[468..(468 + length)];
    }

    private static byte[] ReadContainer(StorageIndex index)
    {
        var name = index.ToString();
        return File.ReadAllBytes(Path.Combine(Root, "1of1", "storage", "stor0", "shares", name[..2], name, "0"));
    }

    private static JsonElement Load(string path) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, path))).RootElement;

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var fixtures = Path.Combine(directory.FullName, "tests", "fixtures");
            if (Directory.Exists(Path.Combine(fixtures, "1of1")))
            {
                return fixtures;
            }
        }

        throw new DirectoryNotFoundException("tests/fixtures is not above the test program.");
    }
}
