using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid.Tests;

/// <summary>Key pairs that are made once per run: making them is slow. Each test has a grid of its own, so it may take the same ones.</summary>
internal static class TestKeys
{
    private static readonly Lazy<byte[]> Pair = new(() =>
    {
        using var keys = MutableKeys.Generate();
        return keys.PrivateKey.ToArray();
    });

    public static MutableKeys Take() => MutableKeys.FromPkcs8(Pair.Value);
}
