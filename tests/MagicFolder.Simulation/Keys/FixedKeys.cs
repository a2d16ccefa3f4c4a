using System.Security.Cryptography;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Simulation.Keys;

/// <summary>
/// The same key pairs in every run and process, so that a seed gives the same actors, and so the same run, everywhere. They protect nothing.
/// </summary>
internal static class FixedKeys
{
    private static readonly Lazy<MutableKeys[]> All = new(Read);

    public static MutableKeys Collective => All.Value[0];

    public static MutableKeys Personal(int participant) => All.Value[1 + participant];

    private static MutableKeys[] Read()
    {
        using var stream = typeof(FixedKeys).Assembly.GetManifestResourceStream("keys.pem")!;
        using var reader = new StreamReader(stream);
        var keys = new List<MutableKeys>();
        for (var rest = reader.ReadToEnd().AsSpan(); PemEncoding.TryFind(rest, out var found); rest = rest[found.Location.End..])
        {
            var key = MutableKeys.FromPem(rest[found.Location]);
            keys.Add(key.SigningWith(new HashSignatures(key.Fingerprint)));
        }
        return [.. keys];
    }
}
