using System.Buffers;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>
/// Looks at every byte of a share that any reader may ever use, without the key: header, URI extension block with all its fields, both trees with their inner nodes, chain, and
/// every block. Only the two informational sizes and the obsolete tree, which no reader uses, are passed over. Stateless.
/// </summary>
public static class ChkShareVerifier
{
    /// <summary>Returns if the share is sound. Takes the memory of one block and of the trees.</summary>
    /// <exception cref="DamagedShareException">The first damage found.</exception>
    public static async Task VerifyAsync(ChkVerifyCap cap, NumberedShare share, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        var reader = await ChkShareReader.OpenAsync(cap, share, null, cancel);
        var facts = reader.Facts;
        UriExtension.CheckRepetitions(facts.UriExtensionBytes, facts.Geometry, cap.N);
        await VerifyTreeAsync(share.Source, reader.Layout.CiphertextTree, MerkleTree.FromLeaves(facts.SegmentHashes), cancel);
        await VerifyTreeAsync(share.Source, reader.Layout.BlockTree, MerkleTree.FromLeaves(reader.BlockHashes), cancel);
        var buffer = ArrayPool<byte>.Shared.Rent(facts.Geometry.SizeOfBlock(0));
        try
        {
            for (var s = 0; s < facts.Geometry.SegmentCount; s++)
            {
                var block = buffer.AsMemory(0, facts.Geometry.SizeOfBlock(s));
                await reader.ReadBlockAsync(s, block, cancel);
                if (!reader.IsBlock(s, block.Span))
                {
                    throw new DamagedShareException(ShareDamage.BadBlock, $"Block {s} of the share is damaged.");
                }

                if (cap.K == 1 && !facts.IsSegment(s, block.Span))
                {
                    throw new DamagedShareException(ShareDamage.BadSegment, $"Segment {s} is not the one that was encoded: the encoder lied.");
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task VerifyTreeAsync(IShareSource source, long at, MerkleTree tree, CancellationToken cancel)
    {
        var stored = await ChkShareReader.ReadAsync(source, at, tree.Serialized.Length, cancel);
        if (!tree.Serialized.Span.SequenceEqual(stored))
        {
            throw new DamagedShareException(ShareDamage.BadHashTree, "An inner node of a hash tree in the share is damaged.");
        }
    }
}
