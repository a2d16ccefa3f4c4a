namespace MagicFolder.Tahoe.Immutable;

/// <summary>A share and its number among the shares of its file, which is the name of its file on the server.</summary>
public readonly record struct NumberedShare(int Number, IShareSource Source);
