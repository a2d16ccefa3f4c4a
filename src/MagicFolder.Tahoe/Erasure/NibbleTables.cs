namespace MagicFolder.Tahoe.Erasure;

/// <summary>The products of a factor with the low halves of bytes, and with the high ones: 16 bytes each, as often as the vector is wide.</summary>
internal readonly record struct NibbleTables<TVector>(TVector Low, TVector High)
    where TVector : struct;
