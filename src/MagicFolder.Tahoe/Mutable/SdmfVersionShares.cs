using MagicFolder.Tahoe.Erasure;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>The verified shares of one version of an SDMF file: those that carry the very same signed bytes. Immutable.</summary>
public sealed class SdmfVersionShares
{
    private readonly SortedDictionary<int, SdmfShare> _shares;

    internal SdmfVersionShares(SortedDictionary<int, SdmfShare> shares) => _shares = shares;

    /// <summary>From 1.</summary>
    public long Seqnum => First.Seqnum;

    /// <summary>Orders versions of equal seqnum.</summary>
    public Digest RootHash => First.RootHash;

    /// <summary>How many shares are needed.</summary>
    public int K => First.K;

    /// <summary>How many shares there are to be.</summary>
    public int N => First.N;

    /// <summary>The shares that are there, by number.</summary>
    public IReadOnlyDictionary<int, SdmfShare> Shares => _shares;

    public bool IsRecoverable => _shares.Count >= K;

    /// <summary>What a test-and-set that replaces a share of this version compares.</summary>
    public ReadOnlyMemory<byte> Checkstring => First.Checkstring;

    /// <summary>The share with the lowest number.</summary>
    internal SdmfShare First => _shares.First().Value;

    /// <summary>
    /// All n shares of this version, those that are there byte for byte (without what their containers hold behind them) and the missing ones made again: without any key, and under the same
    /// signature.
    /// </summary>
    /// <remarks>
    /// The encrypted private key is not signed, and only holders of the write cap can verify it. Of those that the shares carry the most frequent is copied.
    /// </remarks>
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

        var key = _shares.Values.Select(share => share.EncryptedPrivateKey).GroupBy(bytes => Convert.ToBase64String(bytes.Span), StringComparer.Ordinal).MaxBy(group => group.Count())!.First();
        return new SdmfPublication(
            Seqnum, RootHash, SdmfPublisher.Assemble(First.SignedBytes.Span, First.PublicKey.Span, First.Signature.Span, tree, roots, blocks, key.Span));
    }

    public override string ToString() => $"SdmfVersionShares(seqnum {Seqnum}, {_shares.Count} of {N} shares, {K} needed)";

    /// <summary>The ciphertext, with padding.</summary>
    internal byte[] Segment()
    {
        if (!IsRecoverable)
        {
            throw new DamagedShareException(ShareDamage.TooFewShares, $"{K} shares of this version are needed, and {_shares.Count} are there.");
        }

        int[] numbers = [.. _shares.Keys.Take(K)];
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
