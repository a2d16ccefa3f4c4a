using System.Buffers;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// Looks at every byte of an MDMF share that any reader without the write cap may ever use: header, public key, signature, chain, the block hash tree with its inner nodes, and every
/// block. Stateless.
/// </summary>
public static class MdmfShareVerifier
{
    /// <summary>Returns if the share is sound. Takes the memory of one block and of the tree.</summary>
    /// <param name="cap">The file.</param>
    /// <param name="share">What stands behind its end is ignored.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="DamagedShareException">The first damage found.</exception>
    public static async Task VerifyAsync(MutableVerifyCap cap, NumberedShare share, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        var reader = await MdmfShareReader.OpenAsync(share, cancel);
        reader.VerifyAuthorship(cap);
        await reader.VerifyHashesAsync(cancel);
        var tree = MerkleTree.FromLeaves(reader.BlockHashes).Serialized;
        var stored = await MdmfShareReader.ReadAsync(share.Source, reader.Header.TreeAt, tree.Length, cancel);
        if (!tree.Span.SequenceEqual(stored))
        {
            throw new DamagedShareException(ShareDamage.BadHashTree, $"An inner node of the hash tree in share {share.Number} is damaged.");
        }

        var geometry = reader.Header.Geometry;
        var buffer = ArrayPool<byte>.Shared.Rent(MdmfGeometry.SaltLength + (geometry.SegmentCount == 0 ? 0 : geometry.SizeOfBlock(0)));
        try
        {
            for (var s = 0; s < geometry.SegmentCount; s++)
            {
                await reader.ReadBlockAsync(s, buffer.AsMemory(0, MdmfGeometry.SaltLength + geometry.SizeOfBlock(s)), cancel);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
