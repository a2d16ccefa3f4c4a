using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Erasure;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>The verified shares of one version of an SDMF file. Immutable.</summary>
public sealed class SdmfVersionShares : MutableVersionShares
{
    private readonly SortedDictionary<int, SdmfShare> _shares = [];

    internal SdmfVersionShares(IEnumerable<MutableShareReader> readers)
        : base(readers)
    {
        foreach (var reader in AllReaders.Cast<SdmfShareReader>())
        {
            _shares.TryAdd(reader.Number, reader.Parsed);
        }
    }

    /// <summary>The share with the lowest number.</summary>
    internal SdmfShare First => _shares.First().Value;

    public override IMutableReader OpenReader(MutableReadCap cap) => new SdmfContent(SdmfReader.Decode(this, cap).Content);

    /// <summary>
    /// All n shares of this version, those that are there byte for byte (without what their containers hold behind them) and the missing ones made again: without any key, and under the same
    /// signature.
    /// </summary>
    /// <exception cref="DamagedShareException">
    /// <see cref="ShareDamage.TooFewShares"/>. Or <see cref="ShareDamage.BadHashTree"/>: the shares made are not those that were signed; the writer lied.
    /// </exception>
    public SdmfPublication Remake()
    {
        var blocks = SdmfPublisher.BlocksOf(Segment(), K, N);
        var roots = SdmfPublisher.RootsOf(blocks);
        var tree = MerkleTree.FromLeaves(roots);
        if (tree.Root != RootHash)
        {
            throw new DamagedShareException(ShareDamage.BadHashTree, "The shares made again are not those that were signed: the writer lied.");
        }

        return new SdmfPublication(
            Seqnum, RootHash, SdmfPublisher.Assemble(First.SignedBytes.Span, First.PublicKey.Span, First.Signature.Span, tree, roots, blocks, MostFrequentPrivateKey().Span));
    }

    /// <summary>The ciphertext, with padding.</summary>
    internal byte[] Segment()
    {
        if (!IsRecoverable)
        {
            throw new DamagedShareException(ShareDamage.TooFewShares, $"{K} shares of this version are needed, and {_shares.Count} are there.");
        }

        int[] numbers = [.. Numbers.Take(K)];
        var slots = Array.ConvertAll(ErasureDecoding.Arrange(numbers), i => numbers[i]);
        var segment = new byte[First.SegmentSize];
        var size = segment.Length / K;
        for (var slot = 0; slot < slots.Length; slot++)
        {
            _shares[slots[slot]].Block.CopyTo(segment.AsMemory(slot * size, size));
        }

        if (K > 1)
        {
            new ErasureDecoding(slots).Decode(segment);
        }

        return segment;
    }
}
