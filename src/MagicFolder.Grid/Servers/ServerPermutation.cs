using System.Security.Cryptography;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid.Servers;

/// <summary>
/// The order in which servers are asked for an object: ascending by SHA-1(storage index, permutation seed), the same for every client (specification of the storage
/// server, section 5). SHA-1 spreads load here and protects nothing.
/// </summary>
internal static class ServerPermutation
{
    public static NamedServer[] Order(IReadOnlyList<NamedServer> servers, StorageIndex index)
    {
        var ordered = servers.ToArray();
        if (ordered.Length > 1)
        {
            var keys = ordered.Select(server => KeyOf(index, server.Server.Identity.PermutationSeed)).ToArray();
            Array.Sort(keys, ordered, StringComparer.Ordinal);
        }

        return ordered;
    }

    // Hexadecimal text sorts like the bytes.
    internal static string KeyOf(StorageIndex index, ReadOnlySpan<byte> seed)
    {
        byte[] input = [.. index.ToArray(), .. seed];
        return Convert.ToHexStringLower(SHA1.HashData(input));
    }
}
