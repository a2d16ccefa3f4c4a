using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>
/// Makes missing shares of an immutable file from k others, byte for byte as its encoder made them. It needs the verify cap only, and never sees plain bytes. Safe for
/// concurrent use.
/// </summary>
public sealed class ChkRepairer
{
    private readonly ChkVerifyCap _cap;
    private readonly ChkShares _shares;

    private ChkRepairer(ChkVerifyCap cap, ChkShares shares) => (_cap, _shares) = (cap, shares);

    /// <summary>Exact length of every share in bytes.</summary>
    public long ShareSize => ChkShareWriter.ShareSizeFor(_shares.Facts.Geometry, _cap.N, _shares.Facts.UriExtensionBytes.Length);

    /// <summary>What was wrong with shares so far, at most one entry for each.</summary>
    public IReadOnlyList<ShareTrouble> Troubles => _shares.Troubles;

    /// <summary>Verifies the hashes of k shares, as <see cref="ChkDecoder.OpenAsync"/> does.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.TooFewShares"/>, or as <see cref="ChkDecoder.OpenAsync"/> says.</exception>
    public static async ValueTask<ChkRepairer> OpenAsync(ChkVerifyCap cap, IReadOnlyList<NumberedShare> shares, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentOutOfRangeException.ThrowIfZero(shares.Count);
        return new ChkRepairer(cap, await ChkShares.OpenAsync(cap, shares, cancel));
    }

    /// <summary>Writes <see cref="ShareSize"/> bytes to each of the wanted shares. After a failure they are incomplete and must be thrown away.</summary>
    /// <param name="shares">n streams, null for each share that is not wanted; as for <see cref="ChkEncoder"/>.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="DamagedShareException">Fewer than k shares can be read, or the encoder lied: its shares do not belong together.</exception>
    public async Task WriteAsync(IReadOnlyList<Stream?> shares, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(shares);
        if (shares.Count != _cap.N)
        {
            throw new ArgumentException($"There are {_cap.N} shares, not {shares.Count}.", nameof(shares));
        }

        var facts = _shares.Facts;
        var ciphertext = new ChkCiphertext(_shares);
        using var writer = new ChkShareWriter(facts.Geometry, shares, withWholeHash: false);
        await writer.WriteHeaderAsync(cancel);
        for (var s = 0; s < facts.Geometry.SegmentCount; s++)
        {
            await ciphertext.ReadSegmentAsync(s, writer.Segment(s), cancel);
            await writer.WriteSegmentAsync(s, cancel);
        }

        await writer.WriteHashesAsync(
            (_, ciphertextRoot, shareRoot) => ciphertextRoot == facts.UriExtension.CiphertextRoot && shareRoot == facts.UriExtension.ShareRoot
                ? facts.UriExtensionBytes
                : throw new DamagedShareException(ShareDamage.BadHashTree, "The shares made again are not those that the cap names: the encoder lied."),
            cancel);
    }
}
