using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>One share of an SDMF file, all of it in memory.</summary>
internal sealed class SdmfShareReader : MutableShareReader
{
    private const int MaxOverhead = 64 * 1024;

    private SdmfShareReader(NumberedShare share, SdmfShare parsed)
        : base(share, parsed.Claim) => Parsed = parsed;

    internal SdmfShare Parsed { get; }

    /// <param name="share">The share.</param>
    /// <param name="head">Its first bytes.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="DamagedShareException">Truncated, of an unknown version, or with contradictions.</exception>
    internal static async ValueTask<SdmfShareReader> OpenAsync(NumberedShare share, byte[] head, CancellationToken cancel)
    {
        // What stands behind the end is left from longer versions; a share that reaches too far is an attack.
        var end = SdmfShare.EndOf(head);
        if (end > SdmfPublisher.MaxContentLength + MaxOverhead)
        {
            throw new DamagedShareException(ShareDamage.BadLayout, $"Share {share.Number} is longer than any can be.");
        }

        var bytes = end <= head.Length || end > share.Source.Length ? head : await ReadAsync(share.Source, 0, (int)end, cancel);
        var parsed = SdmfShare.Parse(bytes);
        return new SdmfShareReader(share, parsed)
        {
            PublicKey = parsed.PublicKey, Signature = parsed.Signature, Chain = parsed.Chain, EncryptedPrivateKey = parsed.EncryptedPrivateKey,
        };
    }

    internal override ValueTask VerifyHashesAsync(CancellationToken cancel)
    {
        SdmfReader.VerifyBlock(Parsed, Number);
        return ValueTask.CompletedTask;
    }

    /// <summary>There is one block, which is verified already.</summary>
    internal override ValueTask VerifyBlocksAsync(CancellationToken cancel) => ValueTask.CompletedTask;
}
