using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>A version of an SDMF file that has been verified against its cap. The slices share memory with the share.</summary>
/// <param name="Seqnum">From 1. Of two versions the greater is newer; equal ones are ordered by the root hash.</param>
/// <param name="RootHash">Identifies the ciphertext.</param>
/// <param name="Content">The plain bytes.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo DER with the fingerprint of the cap.</param>
/// <param name="Checkstring">What a test-and-set that replaces this version compares.</param>
public sealed record SdmfVersion(
    long Seqnum, Digest RootHash, ReadOnlyMemory<byte> Content, ReadOnlyMemory<byte> PublicKey, ReadOnlyMemory<byte> Checkstring)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => $"SdmfVersion(seqnum {Seqnum}, {Content.Length} bytes)";
}
