namespace MagicFolder.Tahoe.Mutable;

/// <summary>A mutable share (without its container) and its number, which is the name of its file on the server.</summary>
public readonly record struct SdmfNumberedShare(int Number, ReadOnlyMemory<byte> Bytes);
