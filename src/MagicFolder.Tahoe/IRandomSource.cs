namespace MagicFolder.Tahoe;

/// <summary>Where keys, salts and ids come from. Safe for concurrent use. In production cryptographically strong; in a simulation a seed.</summary>
public interface IRandomSource
{
    void Fill(Span<byte> destination);
}
