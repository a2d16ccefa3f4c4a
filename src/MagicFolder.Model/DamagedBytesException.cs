namespace MagicFolder.Model;

/// <summary>What is wrong with bytes that came from outside.</summary>
public enum DamageReason
{
    /// <summary>Not the encoding at all, or not its canonical form.</summary>
    Malformed,

    /// <summary>The bytes do not hash to the id under which they were asked for.</summary>
    WrongHash,

    /// <summary>A format version newer than this program knows.</summary>
    NewerFormat,

    /// <summary>A size, count or depth beyond the limits of the format.</summary>
    TooLarge,

    /// <summary>A path that no folder may hold.</summary>
    BadPath,

    /// <summary>A signature or an actor's proof does not verify.</summary>
    BadSignature,

    /// <summary>Two different things under one dot, or two snapshots under one seq.</summary>
    Fork,
}

/// <summary>Hostile or damaged bytes. The message names the object, never its content or key.</summary>
public sealed class DamagedBytesException(DamageReason reason, string message) : Exception(message)
{
    public DamageReason Reason { get; } = reason;
}
