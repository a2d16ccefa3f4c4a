using System.Runtime.CompilerServices;
using System.Text.Json;

namespace MagicFolder.EndToEnd.Tests.Trees;

/// <summary>What the real Tahoe-LAFS has stored, under <c>tests/fixtures</c>.</summary>
internal sealed class TahoeFixture : IDisposable
{
    private readonly string _directory;
    private readonly JsonDocument _manifest;

    internal TahoeFixture(string name, [CallerFilePath] string here = "")
    {
        _directory = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../fixtures", name));
        _manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_directory, "manifest.json")));
    }

    internal string Convergence => _manifest.RootElement.GetProperty("convergence_secret_base32").GetString()!;

    internal JsonElement Immutable(int size) => _manifest.RootElement.GetProperty("immutable").EnumerateArray().Single(item => item.GetProperty("input_size").GetInt32() == size);

    internal JsonElement[] Mutable => [.. _manifest.RootElement.GetProperty("mutable").EnumerateArray()];

    internal JsonElement[] Directories => [.. _manifest.RootElement.GetProperty("directories").EnumerateArray()];

    internal string DirectoryCap(string name, string kind) => Directories.Single(item => item.GetProperty("name").GetString() == name).GetProperty(kind).GetString()!;

    /// <summary>What the gateway of Tahoe-LAFS says of a directory, through its write cap or its read cap.</summary>
    internal JsonElement Listing(string name, bool isReadOnly)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_directory, "dirs", name + (isReadOnly ? ".ro.json" : ".json"))));
        return document.RootElement[1].Clone();
    }

    internal JsonElement Sdmf(int size) => _manifest.RootElement.GetProperty("mutable").EnumerateArray()
        .Single(item => item.GetProperty("input_size").GetInt32() == size && item.GetProperty("format").GetString() == "SDMF");

    /// <summary>PKCS#1 DER.</summary>
    internal byte[] PrivateKey(string name) => Convert.FromBase64String(_manifest.RootElement.GetProperty("rsa_private_keys_pkcs1_der_base64").GetProperty(name).GetString()!);

    internal void CopyServerTo(int server, string directory)
    {
        string storage = Path.Combine(_directory, "storage", $"stor{server}");
        foreach (string file in Directory.EnumerateFiles(Path.Combine(storage, "shares"), "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(directory, Path.GetRelativePath(storage, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public void Dispose() => _manifest.Dispose();
}
