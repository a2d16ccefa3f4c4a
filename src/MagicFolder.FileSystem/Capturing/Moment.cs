namespace MagicFolder.FileSystem.Capturing;

/// <summary>When something is looked at.</summary>
/// <param name="Ns">By the clock, which may be wrong and may be set: nanoseconds since the epoch.</param>
/// <param name="Timestamp">By the one that only goes on: <see cref="TimeProvider.GetTimestamp"/>.</param>
public readonly record struct Moment(long Ns, long Timestamp);
