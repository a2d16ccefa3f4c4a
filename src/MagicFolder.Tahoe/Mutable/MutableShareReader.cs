using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// One share of a mutable file. First its sections are read, then the writer is verified, then what leads to the signed root. Safe for concurrent use once it is verified.
/// </summary>
internal abstract class MutableShareReader(NumberedShare share, ShareClaim claim)
{
    internal NumberedShare Share => share;

    internal int Number => share.Number;

    internal ShareClaim Claim => claim;

    /// <summary>SubjectPublicKeyInfo DER.</summary>
    internal required ReadOnlyMemory<byte> PublicKey { get; init; }

    internal required ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Node numbers and hashes that lead from this share's block tree root to the root hash.</summary>
    internal required ReadOnlyMemory<byte> Chain { get; init; }

    internal required ReadOnlyMemory<byte> EncryptedPrivateKey { get; init; }

    /// <summary>Reads the sections of a share, whose first byte says which format it has.</summary>
    /// <exception cref="DamagedShareException">Truncated, of an unknown version, or with contradictions.</exception>
    internal static async ValueTask<MutableShareReader> OpenAsync(NumberedShare share, CancellationToken cancel)
    {
        var head = await ReadAsync(share.Source, 0, (int)Math.Min(MutableShareMap.HeadLength, share.Source.Length), cancel);
        return head is [1, ..] ? await MdmfShareReader.OpenAsync(share, head, cancel) : await SdmfShareReader.OpenAsync(share, head, cancel);
    }

    /// <summary>All shares of a version carry the same key and signature, so that one verification is enough for those that are equal.</summary>
    internal bool HasAuthorshipOf(MutableShareReader other)
        => claim.IsSameVersion(other.Claim) && Same(Signature, other.Signature) && Same(PublicKey, other.PublicKey);

    internal void VerifyAuthorship(MutableVerifyCap cap) => ShareAuthorship.Verify(PublicKey.Span, claim.SignedBytes.Span, Signature.Span, cap);

    /// <summary>Verifies the hashes up to the signed root, and of an SDMF share the one block.</summary>
    /// <exception cref="DamagedShareException">See the reason.</exception>
    internal abstract ValueTask VerifyHashesAsync(CancellationToken cancel);

    /// <summary>Verifies every other byte that a reader may ever use. After <see cref="VerifyHashesAsync"/>.</summary>
    /// <exception cref="DamagedShareException">The first damage found.</exception>
    internal abstract ValueTask VerifyBlocksAsync(CancellationToken cancel);

    internal static async ValueTask<byte[]> ReadAsync(IShareSource source, long offset, int length, CancellationToken cancel)
    {
        var bytes = new byte[length];
        await source.ReadAsync(offset, bytes, cancel);
        return bytes;
    }

    private static bool Same(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right) => left.Span.SequenceEqual(right.Span);
}
