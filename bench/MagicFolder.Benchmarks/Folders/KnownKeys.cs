using System.Security.Cryptography;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Benchmarks.Folders;

/// <summary>The same few key pairs for every folder, each given once: folders never meet. They protect nothing; making new ones takes most of a second each.</summary>
internal sealed class KnownKeys
{
    private static readonly Lazy<IReadOnlyList<string>> All = new(Read);

    private int _given;

    internal MutableKeys Next() => MutableKeys.FromPem(All.Value[_given++]);

    private static List<string> Read()
    {
        using var stream = typeof(KnownKeys).Assembly.GetManifestResourceStream("keys.pem")!;
        using var reader = new StreamReader(stream);
        var keys = new List<string>();
        for (var rest = reader.ReadToEnd().AsSpan(); PemEncoding.TryFind(rest, out var found); rest = rest[found.Location.End..])
            keys.Add(rest[found.Location].ToString());
        return keys;
    }
}
