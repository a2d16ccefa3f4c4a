namespace MagicFolder.Sync;

/// <summary>
/// Something that this state database did not write stands in the participant's own Personal: the computer was cloned, or its state is an old copy. Nothing is merged by luck.
/// </summary>
public sealed class SecondWriterException(string petname)
    : Exception($"Another computer publishes as {petname}, or the state here is an older copy: stopped before anything was overwritten. "
        + $"If this directory should go on as {petname}, run 'magic-folder recover --folder FOLDER' ('--state DIR' for one of 'sync'): its files are joined, none is lost. If this is a copy, let it leave, and join with an invite of its own.")
{
    public string Petname { get; } = petname;
}
