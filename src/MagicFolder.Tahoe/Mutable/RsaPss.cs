using System.Security.Cryptography;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>RSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes (RFC 8017, section 8.1): 256 bytes for a key of 2048 bits, others at every call.</summary>
internal sealed class RsaPss(RSA rsa) : ISignatureScheme, IDisposable
{
    private readonly Lock _using = new();

    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        lock (_using)
        {
            return rsa.SignData(message, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        }
    }

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != StatementSignature.Length)
        {
            return false;
        }

        lock (_using)
        {
            return rsa.VerifyData(message, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        }
    }

    public void Dispose() => rsa.Dispose();
}
