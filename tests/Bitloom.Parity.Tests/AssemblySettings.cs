// Laws about allocation count the whole process's bytes, and two cores are soon shared among too many threads.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
