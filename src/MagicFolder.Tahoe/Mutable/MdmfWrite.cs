namespace MagicFolder.Tahoe.Mutable;

/// <summary>Bytes that replace those at an offset of a share.</summary>
public readonly record struct MdmfWrite(long Offset, ReadOnlyMemory<byte> Bytes);
