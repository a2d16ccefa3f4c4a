using System.Security.Cryptography;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Tests.Viewing;

/// <summary>The same few key pairs for every world of a test, each given once: worlds never meet.</summary>
internal sealed class KnownKeys
{
    private static readonly Lazy<IReadOnlyList<string>> All = new(Read);

    private int _given;

    public MutableKeys Next() => _given < All.Value.Count ? MutableKeys.FromPem(All.Value[_given++]) : MutableKeys.Generate();

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
