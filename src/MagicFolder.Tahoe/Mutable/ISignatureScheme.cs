namespace MagicFolder.Tahoe.Mutable;

/// <summary>Signing and checking with one key. Safe for concurrent use. A simulation, whose runs have to repeat byte for byte, has another than <see cref="RsaPss"/>.</summary>
internal interface ISignatureScheme
{
    byte[] Sign(ReadOnlySpan<byte> message);

    bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);
}
